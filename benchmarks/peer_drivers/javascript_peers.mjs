// Run one JavaScript engine: `node javascript_peers.mjs ENGINE FOLDER MODULES [OUT]`; the same protocol as python_peers.py.
// MODULES is the folder where npm has installed the engines. Each engine: async () => async (data) => the bytes of a paper.
import fs from "node:fs";
import path from "node:path";
import readline from "node:readline";
import { createRequire } from "node:module";

console.log = console.error; // output of an engine must not mix with the answers
const [engine, folder, modules, out] = process.argv.slice(2);
const load = createRequire(path.join(path.resolve(modules), "package.json"));
const template = (name) => fs.readFileSync(path.join(folder, `${name}.docx`));

const ENGINES = {
  docxtemplater() {
    const PizZip = load("pizzip");
    const Docxtemplater = load("docxtemplater");
    const source = template("docxtemplater");
    return async (data) => {
      const how = { paragraphLoop: true, linebreaks: true, errorLogging: false };
      const document = new Docxtemplater(new PizZip(source), how);
      document.render(data);
      return document.getZip().generate({ type: "nodebuffer", compression: "DEFLATE" });
    };
  },
  carbone() {
    const carbone = load("carbone");
    const file = path.resolve(folder, "carbone.docx");
    return (data) =>
      new Promise((done, failed) => carbone.render(file, data, (error, made) => (error ? failed(error) : done(made))));
  },
  "easy-template-x"() {
    const { TemplateHandler } = load("easy-template-x");
    const source = template("easy-template-x");
    return async (data) => new TemplateHandler().process(source, data);
  },
};

async function measured(render, data, times) {
  let made;
  const wall = process.hrtime.bigint();
  const before = process.cpuUsage();
  for (let turn = 0; turn < times; turn++) made = await render(data);
  const used = process.cpuUsage(before);
  const taken = Number(process.hrtime.bigint() - wall) / 1e9;
  return [{ wall: taken / times, cpu: (used.user + used.system) / 1e6 / times, children_kib: 0 }, made];
}

async function serve(render) {
  let loaded = "", data;
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const asked = JSON.parse(line);
    if (asked.data !== loaded) {
      loaded = asked.data;
      data = JSON.parse(fs.readFileSync(loaded));
    }
    let answer, made;
    try {
      [answer, made] = await measured(render, data, asked.times);
      if (asked.save) fs.writeFileSync(asked.save, made);
    } catch (error) {
      const inner = error?.properties?.errors?.map((one) => one.properties?.explanation ?? one.message) ?? [];
      answer = { error: [error?.message ?? String(error), ...inner].join(" ") };
    }
    process.stdout.write(JSON.stringify(answer) + "\n");
  }
}

const render = ENGINES[engine]();
if (out) fs.writeFileSync(out, await render(JSON.parse(fs.readFileSync(path.join(folder, "60.json")))));
else await serve(render);
