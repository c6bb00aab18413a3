// Sends a form without leaving the page, and by leaving it should that fail. The page a server
// sends people to afterwards is not fetched.
export async function submitInBackground(form) {
  const body = new URLSearchParams(new FormData(form));
  const sent = await fetch(form.action, { method: "POST", body, redirect: "manual" }).then(
    (response) => response.ok || response.type === "opaqueredirect",
    () => false,
  );
  if (!sent) {
    form.submit();
  }
}
