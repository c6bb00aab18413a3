import { Router } from "express";
import { requireNobody, requireUser } from "../middleware/authentication.js";
import { accountRoutes } from "./account/account.js";
import { passwordRoutes } from "./account/password.js";
import { themeRoutes } from "./account/theme.js";
import { logoutRoutes } from "./auth/logout.js";
import { passwordResetRoutes } from "./auth/password-resets.js";
import { registrationRoutes } from "./auth/registrations.js";
import { sessionRoutes } from "./auth/sessions.js";
import { continuationRoutes } from "./chat/continuations.js";
import { conversationRoutes, historyRoutes, homeRoutes } from "./chat/conversations.js";
import { generationRoutes, regenerationRoutes } from "./chat/generations.js";
import { liveRoutes } from "./chat/live.js";
import { messageRoutes } from "./chat/messages.js";

/** The site map: every address for people, and who may go there. */
export const siteMap = Router();

siteMap.use("/register", requireNobody, registrationRoutes);
siteMap.use("/login", sessionRoutes);
siteMap.use("/logout", logoutRoutes);
siteMap.use("/password-resets", passwordResetRoutes);
siteMap.use("/theme", themeRoutes);

siteMap.use("/account/password", requireUser, passwordRoutes);
siteMap.use("/account", requireUser, accountRoutes);

siteMap.use(["/home", "/"], homeRoutes);
siteMap.use("/chat", requireUser, messageRoutes);
siteMap.use("/clear", requireUser, historyRoutes);
siteMap.use("/conversations/:conversationId/messages", requireUser, messageRoutes);
siteMap.use("/conversations/:conversationId/live", requireUser, liveRoutes);
siteMap.use("/conversations", requireUser, conversationRoutes);
siteMap.use("/messages", requireUser, regenerationRoutes);
siteMap.use("/generations/:id/continuation", requireUser, continuationRoutes);
siteMap.use("/generations", requireUser, generationRoutes);
