class PrintButton extends HTMLElement {
  connectedCallback() {
    this.querySelector("button").hidden = false;
    this.addEventListener("click", () => print());
  }
}

customElements.define("print-button", PrintButton);
