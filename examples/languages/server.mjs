// Modules of the application and of node_modules, ES and CommonJS, and a JSON file read by its place.
import { readFileSync } from "node:fs";
import { greeting } from "./lib/greeting.mjs";
import shout from "shout";

const { language } = JSON.parse(readFileSync(new URL("lib/words.json", import.meta.url), "utf-8"));
console.log(shout(greeting(language)));
