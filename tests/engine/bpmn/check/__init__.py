"""What publishing says of a procedure."""
