class CodeDownload extends HTMLElement {
  connectedCallback() {
    this.querySelector("button").hidden = false;
    this.addEventListener("click", this);
  }

  handleEvent() {
    const code = this.closest("figure.code").querySelector("pre code").textContent;
    const link = document.createElement("a");
    // A type that names no program, so that no browser gives the file another ending.
    link.href = URL.createObjectURL(new Blob([code], { type: "application/octet-stream" }));
    link.download = this.getAttribute("name");
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href));
  }
}

customElements.define("code-download", CodeDownload);
