/** What an address answers, as text. Somebody who is logged out by now would be sent to a form: that fails. */
export async function fetchText(address, init) {
  const response = await fetch(address, { redirect: "error", ...init });
  if (!response.ok) throw new Error(`${address} gave ${response.status}`);
  return response.text();
}
