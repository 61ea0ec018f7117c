import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import org.apache.poi.ss.SpreadsheetVersion;
import org.apache.poi.ss.usermodel.Cell;
import org.apache.poi.ss.usermodel.Row;
import org.apache.poi.ss.util.AreaReference;
import org.apache.poi.ss.util.CellAddress;
import org.apache.poi.xssf.usermodel.XSSFSheet;
import org.apache.poi.xssf.usermodel.XSSFTable;
import org.apache.poi.xssf.usermodel.XSSFWorkbook;

/** Does the steps of a file with Apache POI; `programs.py` says what the steps are. */
public class Poi {
    private static XSSFWorkbook book;

    public static void main(String[] arguments) throws Exception {
        for (String line : Files.readAllLines(Path.of(arguments[0]))) {
            run(line.split("\t"));
        }
    }

    private static void run(String[] step) throws Exception {
        switch (step[0]) {
            case "open" -> {
                try (FileInputStream in = new FileInputStream(step[1])) {
                    book = new XSSFWorkbook(in);
                }
            }
            case "save" -> {
                try (FileOutputStream out = new FileOutputStream(step[1])) {
                    book.write(out);
                }
            }
            case "grow" -> grow(book.getSheet(step[1]), step[2], step[3]);
            default -> type(cell(book.getSheet(step[1]), new CellAddress(step[2])), step[0], step[3]);
        }
    }

    private static void grow(XSSFSheet sheet, String name, String area) {
        for (XSSFTable table : sheet.getTables()) {
            if (table.getName().equals(name)) {
                table.setCellReferences(new AreaReference(area, SpreadsheetVersion.EXCEL2007));
            }
        }
    }

    private static Cell cell(XSSFSheet sheet, CellAddress address) {
        Row row = sheet.getRow(address.getRow());
        row = row == null ? sheet.createRow(address.getRow()) : row;
        return row.getCell(address.getColumn(), Row.MissingCellPolicy.CREATE_NULL_AS_BLANK);
    }

    private static void type(Cell cell, String kind, String value) {
        switch (kind) {
            case "number" -> cell.setCellValue(Double.parseDouble(value));
            case "date" -> cell.setCellValue(LocalDate.parse(value));
            default -> cell.setCellValue(value);
        }
    }
}
