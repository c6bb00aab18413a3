import { said } from "./said.js";

// Sends one file ahead of its question and returns what is shown of it. A fetch would not tell how far it is.
export function upload(file, { conversation, signal, onProgress }) {
  const { promise, resolve, reject } = Promise.withResolvers();
  const request = new XMLHttpRequest();
  const body = new FormData();
  body.append("files", file);
  if (conversation !== null) {
    body.append("conversation", conversation);
  }

  request.open("POST", "/files");
  request.setRequestHeader("Accept", "application/json");
  request.responseType = "json";
  request.upload.addEventListener("progress", ({ loaded, total }) => onProgress(loaded / total));
  request.addEventListener("loadend", () => {
    const { html, error } = request.response ?? {};
    if (html) {
      resolve(html);
    } else {
      reject(new Error(error?.message ?? said("lost")));
    }
  });
  signal.addEventListener("abort", () => request.abort());
  request.send(body);
  return promise;
}

// What was uploaded and is not sent after all; should that fail, it expires.
export function takeBack(id) {
  void fetch(`/files/${id}`, { method: "DELETE", headers: { Accept: "application/json" } }).catch(
    () => {},
  );
}
