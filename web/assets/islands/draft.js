// What is typed into a task, kept while it is being typed. The page works without this: "Save for later" does the same.
//
// <form data-draft="{address}"> is posted to the address some seconds after typing stops; [data-draft-said] in it says
// when that was. Files go with the form itself. Once somebody is signed out it says so and stops: the text stays on
// the page, and sending it leads through signing in and back.
const PAUSE = 3000; // milliseconds after the last key
const RETRY = 30000;

/** What the form holds, without files and buttons. */
function typed(form) {
  const data = new FormData(form);
  for (const [name, value] of [...data]) if (value instanceof File) data.delete(name);
  return new URLSearchParams(data);
}

function watch(form) {
  const said = form.querySelector("[data-draft-said]");
  let kept = typed(form).toString();
  let timer = 0;
  let sending = false;
  let stopped = false;

  function later(wait) {
    clearTimeout(timer);
    if (!stopped) timer = setTimeout(save, wait);
  }

  const changed = () => later(PAUSE);

  async function save() {
    const body = typed(form);
    if (sending || body.toString() === kept) return;
    sending = true;
    let wait = PAUSE;
    try {
      const response = await fetch(form.dataset.draft, {
        method: "POST",
        body,
        headers: { Accept: "application/json" },
        redirect: "error",
      });
      const answer = await response.json();
      if (response.ok) {
        kept = body.toString();
        said.textContent = answer.saved;
      } else if (response.status < 500) {
        said.textContent = answer.sentence; // signed out, or the task is not theirs any more
        stopped = true;
      } else {
        throw new Error(response.statusText);
      }
    } catch {
      said.textContent = "Draft not saved yet. Headway keeps trying.";
      wait = RETRY;
    }
    sending = false;
    if (typed(form).toString() !== kept) later(wait);
  }

  form.addEventListener("input", changed);
  form.addEventListener("change", changed);
  form.addEventListener("submit", () => clearTimeout(timer));
}

document.querySelectorAll("form[data-draft]").forEach(watch);
