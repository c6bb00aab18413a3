import { tell, told } from "./cookies.js";

const MOST = 50;

// Which folders are unfolded: the server draws them so, and no page has them jump.
export function rememberFolder({ id, open }) {
  const number = id.replace("folder-", "");
  const others = told("folders")
    .split(".")
    .filter((other) => other && other !== number);
  const opened = open ? [...others, number] : others;
  tell("folders", opened.slice(-MOST).join("."));
}
