import { showWorkloadCommand } from "../../show-workload-command.ts";

export const svcShow = showWorkloadCommand("svc", "api");
