import { type RequestHandler, Router } from "express";
import { requireAdministrator, requireNobody, requireUser } from "../middleware/authentication.js";
import { mountedAt } from "../middleware/request-metrics.js";
import { receiveFiles } from "../middleware/uploads.js";
import { accountRoutes } from "./account/account.js";
import { archiveDownloadRoutes } from "./account/archive.js";
import { accountFileRoutes } from "./account/files.js";
import { passwordRoutes } from "./account/password.js";
import { themeRoutes } from "./account/theme.js";
import { usageRoutes } from "./account/usage.js";
import { activationRoutes } from "./admin/activations.js";
import { adminRoutes } from "./admin/admin.js";
import { examinationRoutes } from "./admin/examinations.js";
import { offeredModelRoutes } from "./admin/offered-models.js";
import { priceRoutes } from "./admin/prices.js";
import { providerRoutes } from "./admin/providers.js";
import { everybodysUsageRoutes } from "./admin/usage.js";
import { logoutRoutes } from "./auth/logout.js";
import { passwordResetRoutes } from "./auth/password-resets.js";
import { registrationRoutes } from "./auth/registrations.js";
import { sessionRoutes } from "./auth/sessions.js";
import { archiveRoutes, archivingRoutes } from "./chat/archive.js";
import { continuationRoutes } from "./chat/continuations.js";
import { conversationRoutes, historyRoutes, homeRoutes } from "./chat/conversations.js";
import { draftRoutes } from "./chat/drafts.js";
import { exportRoutes } from "./chat/exports.js";
import { fileRoutes } from "./chat/files.js";
import { folderRoutes } from "./chat/folders.js";
import { forkRoutes } from "./chat/forks.js";
import { generationRoutes, regenerationRoutes } from "./chat/generations.js";
import { importRoutes } from "./chat/imports.js";
import { liveRoutes } from "./chat/live.js";
import { messageRoutes } from "./chat/messages.js";
import { parameterRoutes } from "./chat/parameters.js";
import { pinRoutes } from "./chat/pins.js";
import { placementRoutes } from "./chat/placements.js";
import { presetCopyRoutes } from "./chat/preset-copies.js";
import { presetRoutes } from "./chat/presets.js";
import { promptUseRoutes } from "./chat/prompt-uses.js";
import { promptRoutes } from "./chat/prompts.js";
import { searchRoutes } from "./chat/searches.js";
import { selectionRoutes } from "./chat/selections.js";
import { sharingRoutes } from "./chat/shares/creation.js";
import { shareLinkRoutes } from "./chat/shares/links.js";
import { shareVersionRoutes } from "./chat/shares/versions.js";
import { shareRoutes } from "./chat/shares.js";
import { shortcutRoutes } from "./chat/shortcuts.js";
import { sidebarRoutes } from "./chat/sidebar.js";
import { sourceRoutes } from "./chat/sources.js";
import { temporaryRoutes } from "./chat/temporary.js";
import {
  temporaryGenerationRoutes,
  temporaryRegenerationRoutes,
} from "./chat/temporary-generations.js";
import { temporaryParameterRoutes } from "./chat/temporary-parameters.js";
import { temporaryVersionRoutes } from "./chat/temporary-versions.js";
import { trashRoutes } from "./chat/trash.js";
import { conversationUsageRoutes } from "./chat/usage.js";
import { versionRoutes } from "./chat/versions.js";
import { sharedRoutes } from "./shared/conversations.js";
import { sharedCopyRoutes } from "./shared/copies.js";

/** The site map: every address for people, and who may go there. */
export const siteMap = Router();

mount("/register", requireNobody, registrationRoutes);
mount("/login", sessionRoutes);
mount("/logout", logoutRoutes);
mount("/password-resets", passwordResetRoutes);
mount("/theme", themeRoutes);

mount("/account/archive", requireUser, archiveDownloadRoutes);
mount("/account/password", requireUser, passwordRoutes);
mount("/account/files", requireUser, accountFileRoutes);
mount("/account/shares/:id/versions", requireUser, shareVersionRoutes);
mount("/account/shares/:id/links", requireUser, shareLinkRoutes);
mount("/account/shares", requireUser, shareRoutes);
mount("/account/usage", requireUser, usageRoutes);
mount("/account", requireUser, accountRoutes);

mount("/admin/providers/:id/activation", requireUser, requireAdministrator, activationRoutes);
mount("/admin/providers/:id/examinations", requireUser, requireAdministrator, examinationRoutes);
mount("/admin/providers/:id/models", requireUser, requireAdministrator, offeredModelRoutes);
mount("/admin/providers", requireUser, requireAdministrator, providerRoutes);
mount("/admin/prices", requireUser, requireAdministrator, priceRoutes);
mount("/admin/usage", requireUser, requireAdministrator, everybodysUsageRoutes);
mount("/admin", requireUser, requireAdministrator, adminRoutes);

mount("/s/:token/copies", requireUser, sharedCopyRoutes);
mount("/s", sharedRoutes);

mount("/home", homeRoutes);
mount("/", homeRoutes);
mount("/chat", receiveFiles, requireUser, messageRoutes);
mount("/clear", requireUser, historyRoutes);
mount("/conversations/:conversationId/messages", receiveFiles, requireUser, messageRoutes);
mount("/conversations/:conversationId/live", requireUser, liveRoutes);
mount("/conversations/:conversationId/parameters", requireUser, parameterRoutes);
mount("/conversations/:conversationId/shares", requireUser, sharingRoutes);
mount("/conversations/:id/pin", requireUser, pinRoutes);
mount("/conversations/:id/archiving", requireUser, archivingRoutes);
mount("/conversations/:id", requireUser, exportRoutes);
mount("/conversations/:id/usage", requireUser, conversationUsageRoutes);
mount("/conversations/selection", requireUser, selectionRoutes);
mount("/conversations", requireUser, conversationRoutes);
mount("/drafts", requireUser, draftRoutes);
mount("/folders/placements", requireUser, placementRoutes);
mount("/folders", requireUser, folderRoutes);
mount("/imports", requireUser, importRoutes);
mount("/archive", requireUser, archiveRoutes);
mount("/temporary/:id/parameters", requireUser, temporaryParameterRoutes);
mount("/temporary/:id/messages/:messageId/versions", requireUser, temporaryVersionRoutes);
mount("/temporary/:id/messages/:messageId/generations", requireUser, temporaryRegenerationRoutes);
mount("/temporary/:id/generations", requireUser, temporaryGenerationRoutes);
mount("/temporary", requireUser, temporaryRoutes);
mount("/trash", requireUser, trashRoutes);
mount("/shortcuts", requireUser, shortcutRoutes);
mount("/sidebar", requireUser, sidebarRoutes);
mount("/messages/:id/source", requireUser, sourceRoutes);
mount("/messages/:id/versions", receiveFiles, requireUser, versionRoutes);
mount("/messages/:id/forks", requireUser, forkRoutes);
mount("/messages", requireUser, regenerationRoutes);
mount("/presets/:id/copies", requireUser, presetCopyRoutes);
mount("/presets", requireUser, presetRoutes);
mount("/files", receiveFiles, requireUser, fileRoutes);
mount("/prompts/:id/use", requireUser, promptUseRoutes);
mount("/prompts", requireUser, promptRoutes);
mount("/search", requireUser, searchRoutes);
mount("/generations/:id/continuation", requireUser, continuationRoutes);
mount("/generations", requireUser, generationRoutes);

function mount(pattern: string, ...handlers: RequestHandler[]) {
  siteMap.use(pattern, mountedAt(pattern), ...handlers);
}
