import { historyCommand } from "../../history-command.ts";

export const svcHistory = historyCommand("svc");
