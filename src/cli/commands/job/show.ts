import { showWorkloadCommand } from "../../show-workload-command.ts";

export const jobShow = showWorkloadCommand("job", "report");
