import type { Request } from "express";
import * as temporary from "../generator/temporary.js";
import * as titles from "../generator/titles.js";
import { type DayGroup, groupByDay } from "../helpers/day-groups.js";
import { beside, type OpenedFolder } from "../models/conversations/beside.js";
import type { ConversationSummary } from "../models/conversations.js";
import { openFolders } from "./open-folders.js";
import { timeZone } from "./time-zone.js";

/** The list of conversations beside every page. */
export interface Sidebar {
  temporary: temporary.Temporary[];
  folders: (OpenedFolder & { isOpen: boolean })[];
  groups: DayGroup<ConversationSummary>[];
  /** How many pages of what is in no folder it shows, and whether there are more. */
  pages: number;
  hasMore: boolean;
  zone: string;
  /** Whether the model is looking for a title of this conversation. */
  isNaming(id: string | null): boolean;
}

export async function sidebarOf(request: Request, pages = 1): Promise<Sidebar | null> {
  if (!request.user) return null;

  const { id: userId } = request.user;
  const { folders, items, hasOlder } = await beside(userId, pages);
  const zone = timeZone(request);
  const opened = openFolders(request);

  return {
    temporary: temporary.listOf(userId),
    folders: folders.map((folder) => ({ ...folder, isOpen: opened.has(folder.id) })),
    groups: groupByDay(items, new Date(), zone),
    pages,
    hasMore: hasOlder,
    zone,
    isNaming: (id) => id !== null && titles.isNaming(userId, id),
  };
}
