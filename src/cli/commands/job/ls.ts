import { listWorkloadsCommand } from "../../list-workloads-command.ts";

export const jobLs = listWorkloadsCommand("job");
