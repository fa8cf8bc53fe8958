import { pauseCommand } from "../../pause-command.ts";

export const svcPause = pauseCommand("pause");
