"""GOV.UK's components: those that pages are full of written out here, all others as the package's own templates do."""
