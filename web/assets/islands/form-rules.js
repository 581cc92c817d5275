// Questions that change with the answers, without leaving the page. The page works without this.
//
// <div data-questions="{address}"> holds the questions of a form. When an answer that a rule reads changes, or a row is
// added or removed, the whole form is posted to the address and the questions that come back take the old ones' place:
// focus, what is typed meanwhile and files chosen but not sent stay. When anything goes wrong the page stays as it is,
// and its own buttons do the same work.
import { CharacterCount, createAll } from "govuk-frontend";

const stateOf = (control) => (control.type === "checkbox" || control.type === "radio" ? control.checked : control.value);
const controlsOf = (root) => [...root.querySelectorAll("input[id], select[id], textarea[id]")];
const snapshot = (root) => new Map(controlsOf(root).map((control) => [control.id, stateOf(control)]));

/** What the form holds, without files: they go with the form itself. */
function answers(form, button) {
  const data = new FormData(form, button);
  for (const [name, value] of [...data]) if (value instanceof File) data.delete(name);
  return data;
}

/** Carry over into the new questions what the answer to our request could not know. */
function carryOver(old, fresh, sent) {
  for (const control of controlsOf(old)) {
    const next = fresh.querySelector(`#${CSS.escape(control.id)}`);
    if (!next || next.type !== control.type) continue;
    if (control.type === "file") next.replaceWith(control);
    else if (stateOf(control) === sent.get(control.id)) continue;
    else if (typeof stateOf(control) === "boolean") next.checked = control.checked;
    else next.value = control.value;
  }
}

function refocus(container, id, caret) {
  const control = id && document.getElementById(id);
  if (!control || !container.contains(control)) return;
  control.focus({ preventScroll: true });
  if (caret !== null && control.setSelectionRange) control.setSelectionRange(caret, caret);
}

function caretOf(control) {
  return ["text", "tel", "textarea"].includes(control?.type) ? control.selectionStart : null;
}

/** Where to go on after a row came or went: its first question, or the list. */
function focusRows(container, listId, added) {
  const list = container.querySelector(`#${CSS.escape(listId)}`);
  const rows = list ? list.querySelectorAll(":scope > fieldset") : [];
  const first = added && rows.length ? controlsOf(rows[rows.length - 1])[0] : null;
  (first ?? list)?.focus();
}

function watch(container) {
  const form = container.closest("form");
  let latest = 0;

  async function refresh(button) {
    const turn = ++latest;
    const sent = snapshot(container);
    const response = await fetch(container.dataset.questions, {
      method: "POST",
      body: new URLSearchParams(answers(form, button)),
      headers: { "X-Requested-With": "fetch" },
      redirect: "error",
    });
    if (!response.ok) throw new Error(response.statusText);
    const text = await response.text();
    if (turn !== latest) return;
    const template = document.createElement("template");
    template.innerHTML = text;
    const [focused, caret] = [document.activeElement?.id, caretOf(document.activeElement)];
    carryOver(container, template.content, sent);
    container.replaceChildren(template.content);
    createAll(CharacterCount, undefined, container);
    if (button) focusRows(container, button.dataset.rows, button.value === "add");
    else refocus(container, focused, caret);
  }

  form.addEventListener("change", (event) => {
    if (container.contains(event.target) && event.target.closest("[data-rules]")) refresh().catch(() => {});
  });
  form.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (!button?.dataset.rows || !container.contains(button)) return;
    event.preventDefault();
    refresh(button).catch(() => {
      delete button.dataset.rows; // the second time the page does it itself
      form.requestSubmit(button);
    });
  });
}

document.querySelectorAll("[data-questions]").forEach(watch);
