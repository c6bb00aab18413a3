-- CreateTable
CREATE TABLE "File" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "userId" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "bytes" INTEGER NOT NULL DEFAULT 0,
    "createdAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expiresAt" DATETIME,
    "kind" TEXT,
    "digest" TEXT,
    "pages" INTEGER,
    "words" INTEGER,
    "text" TEXT NOT NULL DEFAULT '',
    CONSTRAINT "File_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "FilePiece" (
    "fileId" TEXT NOT NULL,
    "number" INTEGER NOT NULL,
    "content" BLOB NOT NULL,

    PRIMARY KEY ("fileId", "number"),
    CONSTRAINT "FilePiece_fileId_fkey" FOREIGN KEY ("fileId") REFERENCES "File" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "Attachment" (
    "messageId" INTEGER NOT NULL,
    "position" INTEGER NOT NULL,
    "fileId" TEXT NOT NULL,

    PRIMARY KEY ("messageId", "position"),
    CONSTRAINT "Attachment_messageId_fkey" FOREIGN KEY ("messageId") REFERENCES "Message" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "Attachment_fileId_fkey" FOREIGN KEY ("fileId") REFERENCES "File" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateIndex
CREATE INDEX "File_userId_bytes_idx" ON "File"("userId", "bytes");

-- CreateIndex
CREATE INDEX "File_expiresAt_idx" ON "File"("expiresAt");

-- CreateIndex
CREATE INDEX "Attachment_fileId_idx" ON "Attachment"("fileId");

-- A file lasts as long as a question has it, whichever way that came to it and goes.
CREATE TRIGGER "Attachment_keeps_file" AFTER INSERT ON "Attachment"
BEGIN
    UPDATE "File" SET "expiresAt" = NULL WHERE "id" = NEW."fileId" AND "expiresAt" IS NOT NULL;
END;

CREATE TRIGGER "Attachment_lets_go_of_file" AFTER DELETE ON "Attachment"
WHEN NOT EXISTS (SELECT 1 FROM "Attachment" WHERE "fileId" = OLD."fileId")
BEGIN
    UPDATE "File" SET "expiresAt" = '1970-01-01T00:00:00.000+00:00' WHERE "id" = OLD."fileId";
END;
