import { t } from "../lib/texts.js";

/** Where one can go from anywhere, and what one can choose there: the palette and the page of shortcuts list them. */
export interface Place {
  label: string;
  icon: string;
  href?: string;
  theme?: string;
}

const PLACES: readonly Place[] = [
  { href: "/", label: t("New conversation"), icon: "square-pen" },
  { href: "/temporary", label: t("Temporary conversation"), icon: "ghost" },
  { href: "/search", label: t("Search"), icon: "search" },
  { href: "/conversations", label: t("All conversations"), icon: "messages-square" },
  { href: "/folders", label: t("Folders"), icon: "folder" },
  { href: "/archive", label: t("Archive"), icon: "archive" },
  { href: "/trash", label: t("Trash"), icon: "trash-2" },
  { href: "/account", label: t("Account"), icon: "settings" },
  { href: "/shortcuts", label: t("Keyboard shortcuts"), icon: "keyboard" },
  { theme: "system", label: t("Theme of the system"), icon: "monitor" },
  { theme: "light", label: t("Light theme"), icon: "sun" },
  { theme: "dark", label: t("Dark theme"), icon: "moon" },
];

/** The places whose names hold these words. */
export function placesNamed(words: string): readonly Place[] {
  const wanted = words.trim().toLowerCase();
  return PLACES.filter(({ label }) => label.toLowerCase().includes(wanted));
}
