import { type Request, type Response, Router } from "express";
import { config } from "../../config.js";
import { pageNumber } from "../../forms/paging.js";
import { fileView } from "../../helpers/file-view.js";
import { spokenBytes } from "../../lib/spoken.js";
import { t } from "../../lib/texts.js";
import { currentUser } from "../../middleware/authentication.js";
import * as listing from "../../models/files/listing.js";

export const accountFileRoutes = Router();

accountFileRoutes.get("/", index);

async function index(request: Request, response: Response) {
  const number = pageNumber(request.query.page);
  const { items, hasOlder, usedBytes } = await listing.page(currentUser(request).id, number);

  await response.page("account/files/index", {
    title: t("Your files"),
    files: items.map((file) => ({ ...file, ...fileView(file) })),
    used: spokenBytes(usedBytes),
    quota: spokenBytes(config.files.quotaBytes),
    page: {
      number,
      ...{ back: t("Larger"), newer: number > 1 ? `?page=${number - 1}` : null },
      ...{ on: t("Smaller"), older: hasOlder ? `?page=${number + 1}` : null },
    },
  });
}
