// A form with data-preview shows beside itself what it would print: a moment after the last key the picture is asked
// for anew. What cannot be printed says why; the last good picture stays.

export function startPreview(): void {
  const form = document.querySelector<HTMLFormElement>("form[data-preview]");
  const picture = document.querySelector<HTMLImageElement>("#preview");
  const told = document.querySelector<HTMLElement>("#preview-told");
  if (!form || !picture) return;
  let timer = 0;
  let asked = 0;
  const ask = async (): Promise<void> => {
    const mine = ++asked;
    const sent = new FormData(form);
    sent.set("form", "picture");
    const answer = await fetch(form.dataset["preview"] ?? "", {
      method: "POST",
      body: sent,
      headers: { "HX-Request": "true" }, // a refusal comes back as its sentence, not as a page
    });
    if (mine !== asked) return;
    if (!answer.ok) {
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      page.querySelectorAll("button").forEach((button) => button.remove());
      if (told) told.textContent = page.body.textContent?.trim() ?? String(answer.status);
      return;
    }
    if (told) told.textContent = "";
    const reader = new FileReader(); // the content policy allows data:, not blob:
    reader.onload = () => {
      picture.src = String(reader.result);
    };
    reader.readAsDataURL(await answer.blob());
  };
  form.addEventListener("input", () => {
    window.clearTimeout(timer);
    timer = window.setTimeout(() => void ask(), 600);
  });
}
