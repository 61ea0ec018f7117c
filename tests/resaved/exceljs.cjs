// Does the steps of a file with ExcelJS; `programs.py` says what the steps are.
const fs = require("fs");
const { Workbook } = require("exceljs");

const value = {
  text: (text) => text,
  number: Number,
  date: (day) => new Date(`${day}T00:00:00Z`),
};

async function run(lines) {
  let book;
  for (const [step, ...rest] of lines) {
    if (step === "open") {
      book = new Workbook();
      await book.xlsx.readFile(rest[0]);
    } else if (step === "save") {
      await book.xlsx.writeFile(rest[0]);
    } else if (step === "grow") {
      book.getWorksheet(rest[0]).getTable(rest[1]).table.tableRef = rest[2];
    } else {
      book.getWorksheet(rest[0]).getCell(rest[1]).value = value[step](rest[2]);
    }
  }
}

const steps = fs.readFileSync(process.argv[2], "utf8").split("\n");
run(steps.map((line) => line.split("\t"))).catch((problem) => {
  console.error(problem);
  process.exit(1);
});
