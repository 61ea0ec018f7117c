// Does the steps of a file with SheetJS; `programs.py` says what the steps are.
const fs = require("fs");
const XLSX = require("xlsx");

const DAY = 86400000;
const value = {
  text: (text) => ({ t: "s", v: text }),
  number: (text) => ({ t: "n", v: Number(text) }),
  date: (day) => ({ t: "n", v: (Date.parse(`${day}T00:00:00Z`) - Date.UTC(1899, 11, 30)) / DAY }),
};

let book;
for (const line of fs.readFileSync(process.argv[2], "utf8").split("\n")) {
  const [step, ...rest] = line.split("\t");
  if (step === "open") {
    book = XLSX.readFile(rest[0], { cellStyles: true, cellNF: true, sheetStubs: true });
  } else if (step === "save") {
    XLSX.writeFile(book, rest[0], { compression: true });
  } else if (step !== "grow") {
    Object.assign((book.Sheets[rest[0]][rest[1]] ??= {}), value[step](rest[2]));
  }
}
