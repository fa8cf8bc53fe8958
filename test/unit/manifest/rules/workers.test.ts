import { describe, expect, test } from "vitest";
import { problems } from "../problems.ts";

function worker(more: string): string {
  return problems(`name: api\ntype: Worker Service\nimage: { location: nginx }\n${more}`);
}

describe("the queues of a worker", () => {
  test("every form of a queue is taken", () => {
    expect(
      worker(`subscribe:
  topics:
    - { name: orders, service: shop }
    - { name: orders, service: shop-eu, queue: true }
    - { name: returns, service: shop, queue: false, filter_policy: { store: [1, x, true, { prefix: a }], "$or": [{ a: [x] }, { b: [{ exists: false }] }] } }
    - { name: refunds, service: shop, queue: { fifo: false } }
    - { name: news, service: shop, queue: { retention: 1m, delay: 15m, timeout: 12h, dead_letter: { tries: 1000 }, fifo: { high_throughput: true } } }
    - { name: old, service: shop, queue: { fifo: { throughput_limit: perMessageGroupId, deduplication_scope: messageGroup, high_throughput: false } } }
  queue: { retention: 336h, delay: 0s, timeout: 0s, dead_letter: { tries: 1 }, fifo: true }
`),
    ).toBe("");
  });

  test("blocks that say nothing, and options of FIFO that exclude each other", () => {
    expect(
      worker(`subscribe:
  topics:
    - { name: orders, service: shop, queue: {} }
    - { name: a, service: shop, queue: { dead_letter: {}, fifo: {} } }
    - { name: b, service: shop, queue: { fifo: { content_based_deduplication: false } } }
    - { name: c, service: shop, queue: { fifo: { deduplication_scope: queue, high_throughput: true } } }
    - { name: d, service: shop, queue: { fifo: { deduplication_scope: queue, throughput_limit: perMessageGroupId } } }
  queue: { fifo: { throughput_limit: perMessageGroupId } }
`),
    ).toMatchInlineSnapshot(`
      "6:38   error  \`queue\` says nothing about the queue  (subscribe/queue)
                    write \`queue: true\` for one of the topic's own, or leave it out
      7:42   warning  \`dead_letter\` says no \`tries\`, and so there is no queue for dead letters  (subscribe/queue)
                      write \`dead_letter: { tries: 10 }\`
      7:59   error  \`fifo\` says nothing  (subscribe/queue)
                    write \`fifo: true\`, or \`fifo: false\`
      8:42   warning  a map makes this a FIFO queue, whatever its values are  (subscribe/queue)
                      write \`fifo: true\`, or \`fifo: false\`
      9:95   error  \`high_throughput\` sets \`deduplication_scope\` itself  (subscribe/queue)
                    keep one of the two
      10:96  error  a limit per message group needs duplicates to be looked for per group, too  (subscribe/queue)
                    add \`deduplication_scope: messageGroup\`, or write \`high_throughput: true\` in the place of both
      11:38  error  a limit per message group needs duplicates to be looked for per group, too  (subscribe/queue)
                    add \`deduplication_scope: messageGroup\`, or write \`high_throughput: true\` in the place of both"
    `);
  });

  test("what SQS does not take", () => {
    expect(
      worker(`subscribe:
  topics:
    - { name: orders.fifo, service: shop, queue: true }
    - { name: "", service: Shop--x }
    - { name: c, service: shop, queue: { fifo: { throughput_limit: perSecond, deduplication_scope: group } } }
    - { name: d, service: shop, queue: { retention: 59s, delay: 16m, timeout: 5 } }
    - { name: e, service: shop, queue: yes please, filter_policy: [a] }
  queue: { dead_letter: { tries: 1001 }, fifo: { throughput_limit: perMessageGroupId } }
`),
    ).toMatchInlineSnapshot(`
      "6:15   error  \`subscribe.topics[0].name\` may hold letters, digits, - and _ only, not \`orders.fifo\`  (schema/value)
                    leave out \`.fifo\`: it follows from the queue's \`fifo\`
      7:15   error  \`subscribe.topics[1].name\` must not be empty  (schema/value)
      7:28   error  \`subscribe.topics[1].service\` must be the name of a service: two or more lower-case letters, digits and single hyphens, a letter first and no hyphen at the end; not \`Shop--x\`  (schema/value)
      8:68   error  \`subscribe.topics[2].queue.fifo.throughput_limit\` must be perQueue or perMessageGroupId, not \`perSecond\`  (schema/value)
      8:100  error  \`subscribe.topics[2].queue.fifo.deduplication_scope\` must be messageGroup or queue, not \`group\`  (schema/value)
      9:53   error  \`subscribe.topics[3].queue.retention\` must be between 60s and 1209600s, not \`59s\`  (schema/value)
      9:65   error  \`subscribe.topics[3].queue.delay\` must be between 0s and 900s, not \`16m\`  (schema/value)
      9:79   error  \`subscribe.topics[3].queue.timeout\` must be a duration such as 30s or 1m30s, not \`5\`  (schema/value)
                    a duration has a unit: 5s
      10:40  error  \`subscribe.topics[4].queue\` must be true or false or a map, not \`yes please\`  (schema/type)
      10:52  error  \`subscribe.topics[4].filter_policy\` must be a map, not a list  (schema/type)
      11:34  error  \`subscribe.queue.dead_letter.tries\` must be between 1 and 1000, not 1001  (schema/value)"
    `);
  });

  test("a topic twice, and names that are one without their hyphens", () => {
    expect(
      worker(`subscribe:
  topics:
    - { name: orders, service: shop }
    - { name: orders, service: shop, queue: true }
    - { name: or-ders, service: shop }
    - { name: porders, service: sho }
`),
    ).toMatchInlineSnapshot(`
      "7:15   error  the topic \`orders\` of \`shop\` is there already  (subscribe/topics)
      8:15   error  resources are named by letters and digits alone, and so this topic is one with \`shop: orders\`  (subscribe/topics)
                    publish one of the two under another name
      9:15   error  resources are named by letters and digits alone, and so this topic is one with \`shop: or-ders\`  (subscribe/topics)
                    publish one of the two under another name"
    `);
  });

  test("a shared queue that no topic makes Copilot look at", () => {
    expect(worker("subscribe:\n  queue: { retention: 96h }\n")).toMatchInlineSnapshot(`
      "5:3    warning  \`queue\` has no effect while no topic is subscribed to  (subscribe/topics)
                      add \`topics\`, or \`topics: []\` for a queue that others send to"
    `);
    expect(worker("subscribe:\n  topics: []\n  queue: { retention: 96h }\n")).toBe("");
  });
});

test("filter policies are lists of what an attribute may be", () => {
  expect(
    worker(`subscribe:
  topics:
    - name: orders
      service: shop
      filter_policy:
        store: books
        price: { numeric: [">=", 100] }
        address: { city: [Bonn] }
        kind: [{ anything_but: [gift] }]
        size: [{ prefix: a, suffix: b }]
        $or: [{ sixth: [a] }, { seventh: b }]
`),
  ).toMatchInlineSnapshot(`
    "8:7    error  the policy names 7 attributes, and SNS takes 5  (subscribe/filter-policy)
                  leave some of them to the program
    9:16   error  \`store\` needs a list of what it may be  (subscribe/filter-policy)
                  write \`store: [books]\`
    10:9   error  \`price\` needs a list of what it may be  (subscribe/filter-policy)
                  write \`price: [{ numeric: … }]\`
    11:9   error  \`address\` needs a list of what it may be  (subscribe/filter-policy)
                  attributes of messages have no parts
    12:18  error  SNS knows no condition \`anything_but\`  (subscribe/filter-policy)
                  did you mean \`anything-but\`?
    13:16  error  a condition has one operator, not 2  (subscribe/filter-policy)
                  write one after the other in the list
    14:42  error  \`seventh\` needs a list of what it may be  (subscribe/filter-policy)
                  write \`seventh: [b]\`"
  `);
});

describe("what a worker scales on", () => {
  test("the delay of its queues, in every form", () => {
    expect(
      worker(
        "count: { range: 0-10, queue_delay: { acceptable_latency: 10m, msg_processing_time: 500us, cooldown: { in: 1m } } }\n",
      ),
    ).toBe("");
  });

  test("a message that takes longer than it may wait, missing halves, what only others have", () => {
    expect(
      [
        worker("count: { range: 1-2, queue_delay: { acceptable_latency: 1s, msg_processing_time: 2s } }\n"),
        worker("count: { range: 1-2, queue_delay: { cooldown: { in: 1m } } }\n"),
        worker("count: { queue_delay: { acceptable_latency: 1s, msg_processing_time: 1s } }\n"),
        worker("count: { spot: 1, queue_delay: { acceptable_latency: 1s, msg_processing_time: 1s } }\n"),
        worker("count: { range: 1-2, cpu_percentage: 50, response_time: 1s }\n"),
      ].join("\n\n"),
    ).toMatchInlineSnapshot(`
      "4:82   error  a message takes 2s, and may wait no longer than 1s  (count/queue-delay)
                    \`acceptable_latency\` is the longer of the two

      4:22   error  \`count.queue_delay.acceptable_latency\` is missing  (schema/missing)
                    say how long a message may wait: \`acceptable_latency: 10m\`
      4:22   error  \`count.queue_delay.msg_processing_time\` is missing  (schema/missing)
                    say how long a task works on one message: \`msg_processing_time: 250ms\`

      4:10   error  \`queue_delay\` needs \`range\`, the numbers to stay between  (count/scaling)
                    add \`range: 1-10\`

      4:16   error  \`spot\` is a fixed number of tasks, and \`range\` is for scaling  (count/scaling)
                    for tasks on Spot that scale, write \`range: { min: 1, max: 5, spot_from: 2 }\`

      4:42   error  a Worker Service does not have \`count.response_time\`  (schema/other-type)
                    only a service behind a load balancer answers requests; use queue_delay, cpu_percentage or memory_percentage"
    `);
  });
});

test("nobody calls a worker", () => {
  expect(worker("network: { connect: { alias: work } }\nhttp: { path: / }\n")).toMatchInlineSnapshot(`
    "4:30   error  a Worker Service is called by nobody, and so by no name either  (network/connect)
                  write \`connect: true\`: it can call others then
    5:1    warning  unknown key \`http\`; it has no effect  (schema/unknown-key)
                    only a Load Balanced Web Service, Backend Service, Request-Driven Web Service or Static Site has \`http\`"
  `);
  expect(worker("platform: windows/amd64\ncpu: 1024\nmemory: 2048\nnetwork: { connect: true }\n"))
    .toMatchInlineSnapshot(`
    "7:21   error  Service Connect does not run with Windows  (platform/windows)
                  write \`connect: false\`"
  `);
});

test("alarms on messages that wait", () => {
  expect(worker("deployment: { rollback_alarms: { messages_delayed: 500 } }\n")).toBe("");
  expect(
    worker("deployment: { rollback_alarms: { messages_delayed: 0, cpu_utilization: 500 } }\n"),
  ).toMatchInlineSnapshot(
    `"4:52   error  \`deployment.rollback_alarms.messages_delayed\` must be 1 or more, not 0  (schema/value)"`,
  );
});

test("an overlay changes one queue, and takes FIFO away", () => {
  const text = `subscribe:
  topics: [{ name: orders, service: shop }]
  queue: { retention: 96h, fifo: { high_throughput: true } }
environments:
  test: { subscribe: { queue: { fifo: false, retention: 400h } } }
  prod: { subscribe: { topics: [{ name: orders }] } }
`;
  const head = "name: api\ntype: Worker Service\nimage: { location: nginx }\n";
  expect(problems(head + text, { env: "test" })).toMatchInlineSnapshot(
    `"8:57   error  \`subscribe.queue.retention\` must be between 60s and 1209600s, not \`400h\`  (schema/value)"`,
  );
  expect(problems(head + text, { env: "prod" })).toMatchInlineSnapshot(`
    "8:57   error  \`subscribe.queue.retention\` must be between 60s and 1209600s, not \`400h\`  (schema/value)
    9:33   error  \`subscribe.topics[0].service\` is missing  (schema/missing)
                  name the service that publishes to it: \`service: api\`"
  `);
});
