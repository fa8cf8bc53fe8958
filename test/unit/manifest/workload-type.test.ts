import { describe, expect, test } from "vitest";
import { problems } from "./problems.ts";

const typed = (type: string, more = "") => `name: api\n${type}\nimage: { location: nginx, port: 80 }\n${more}`;

describe("the type of a workload", () => {
  test("has to be given", () => {
    expect(problems(typed(""))).toMatchInlineSnapshot(`
      "1:1    error  \`type\` is missing  (schema/missing)
                    use one of Load Balanced Web Service, Backend Service, Worker Service, Request-Driven Web Service, Static Site, Scheduled Job"
    `);
    expect(problems(typed("type:"))).toMatchInlineSnapshot(`
      "2:1    error  \`type\` is missing  (schema/missing)
                    use one of Load Balanced Web Service, Backend Service, Worker Service, Request-Driven Web Service, Static Site, Scheduled Job"
    `);
    expect(problems(typed("type: [Backend Service]"))).toMatchInlineSnapshot(`
      "2:7    error  \`type\` must be text  (schema/type)
                    use one of Load Balanced Web Service, Backend Service, Worker Service, Request-Driven Web Service, Static Site, Scheduled Job"
    `);
    expect(problems(typed("type: ${TYPE}"))).toMatchInlineSnapshot(`
      "2:7    error  the variable \`TYPE\` is not set  (interpolation/undefined)
                    set it first: TYPE=… before the command"
    `);
  });

  test("is written as Copilot writes it, and the rest is checked as what was meant", () => {
    expect(problems(typed("type: Load balanced web service", "cpu: lots"))).toMatchInlineSnapshot(`
      "1:1    error  \`http\` is missing  (schema/missing)
                    give the path that leads to this service: \`http: { path: / }\`
      2:7    error  \`Load balanced web service\` is not a workload type  (workload/type)
                    did you mean \`Load Balanced Web Service\`? if not, use one of Load Balanced Web Service, Backend Service, Worker Service, Request-Driven Web Service, Static Site, Scheduled Job
      4:6    error  \`cpu\` must be a whole number, not \`lots\`  (schema/type)"
    `);
    expect(problems(typed("type: LBWS", "http: { path: / }"))).toMatchInlineSnapshot(`
      "2:7    error  \`LBWS\` is not a workload type  (workload/type)
                    did you mean \`Load Balanced Web Service\`? if not, use one of Load Balanced Web Service, Backend Service, Worker Service, Request-Driven Web Service, Static Site, Scheduled Job"
    `);
    expect(problems(typed("type: Backend Servce"))).toMatchInlineSnapshot(`
      "2:7    error  \`Backend Servce\` is not a workload type  (workload/type)
                    did you mean \`Backend Service\`? if not, use one of Load Balanced Web Service, Backend Service, Worker Service, Request-Driven Web Service, Static Site, Scheduled Job"
    `);
  });

  test("that nobody knows is answered with the list", () => {
    expect(problems("name: Bad\ntype: Lambda\ncpu: lots\n")).toMatchInlineSnapshot(`
      "1:7    error  a name has lower-case letters, digits and hyphens only; \`B\` is none of them  (workload/name)
      2:7    error  \`Lambda\` is not a workload type  (workload/type)
                    use one of Load Balanced Web Service, Backend Service, Worker Service, Request-Driven Web Service, Static Site, Scheduled Job"
    `);
  });

  test("Environment is not a workload", () => {
    expect(problems("name: api\ntype: Environment\n")).toMatchInlineSnapshot(`
      "2:7    error  \`Environment\` is not a workload type  (workload/type)
                    use one of Load Balanced Web Service, Backend Service, Worker Service, Request-Driven Web Service, Static Site, Scheduled Job"
    `);
  });

  test("may come out of a variable", () => {
    expect(problems(typed("type: ${TYPE}"), { variables: { TYPE: "Backend Service" } })).toBe("");
  });
});
