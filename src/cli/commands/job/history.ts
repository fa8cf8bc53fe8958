import { historyCommand } from "../../history-command.ts";

export const jobHistory = historyCommand("job");
