/** Where one can go from anywhere, and what one can choose there: the palette and the page of shortcuts list them. */
export interface Place {
  label: string;
  icon: string;
  href?: string;
  theme?: string;
}

const PLACES: readonly Place[] = [
  { href: "/", label: "New conversation", icon: "square-pen" },
  { href: "/temporary", label: "Temporary conversation", icon: "ghost" },
  { href: "/search", label: "Search", icon: "search" },
  { href: "/conversations", label: "All conversations", icon: "messages-square" },
  { href: "/folders", label: "Folders", icon: "folder" },
  { href: "/archive", label: "Archive", icon: "archive" },
  { href: "/trash", label: "Trash", icon: "trash-2" },
  { href: "/account", label: "Account", icon: "settings" },
  { href: "/shortcuts", label: "Keyboard shortcuts", icon: "keyboard" },
  { theme: "system", label: "Theme of the system", icon: "monitor" },
  { theme: "light", label: "Light theme", icon: "sun" },
  { theme: "dark", label: "Dark theme", icon: "moon" },
];

/** The places whose names hold these words. */
export function placesNamed(words: string): readonly Place[] {
  const wanted = words.trim().toLowerCase();
  return PLACES.filter(({ label }) => label.toLowerCase().includes(wanted));
}
