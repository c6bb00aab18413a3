-- CreateTable
CREATE TABLE "Share" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "tokenDigest" TEXT NOT NULL,
    "userId" TEXT NOT NULL,
    "conversationId" TEXT,
    "title" TEXT NOT NULL,
    "showsName" BOOLEAN NOT NULL,
    "showsReasoning" BOOLEAN NOT NULL,
    "passwordDigest" TEXT,
    "expiresAt" DATETIME,
    "viewLimit" INTEGER,
    "views" INTEGER NOT NULL DEFAULT 0,
    "openedAt" DATETIME,
    "revokedAt" DATETIME,
    "createdAt" DATETIME NOT NULL,
    "takenAt" DATETIME NOT NULL,
    CONSTRAINT "Share_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "Share_conversationId_fkey" FOREIGN KEY ("conversationId") REFERENCES "Conversation" ("id") ON DELETE SET NULL ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "SharedMessage" (
    "shareId" TEXT NOT NULL,
    "place" INTEGER NOT NULL,
    "messageId" INTEGER NOT NULL,
    "role" TEXT NOT NULL,
    "body" TEXT NOT NULL,
    "cut" BOOLEAN NOT NULL,
    "reasoning" TEXT NOT NULL,
    "thoughtForMs" INTEGER,
    "html" TEXT,
    "reasoningHtml" TEXT,
    "rendererVersion" INTEGER,

    PRIMARY KEY ("shareId", "place"),
    CONSTRAINT "SharedMessage_shareId_fkey" FOREIGN KEY ("shareId") REFERENCES "Share" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateIndex
CREATE UNIQUE INDEX "Share_tokenDigest_key" ON "Share"("tokenDigest");

-- CreateIndex
CREATE INDEX "Share_userId_createdAt_idx" ON "Share"("userId", "createdAt");

-- CreateIndex
CREATE INDEX "Share_conversationId_idx" ON "Share"("conversationId");
