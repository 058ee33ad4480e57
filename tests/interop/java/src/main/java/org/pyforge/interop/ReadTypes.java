/* ReadTypes — reads every file of write_types with parquet-java and compares it value for value.
 * SPDX-License-Identifier: MIT */
package org.pyforge.interop;

import java.io.File;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.column.impl.ColumnReadStoreImpl;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.convert.GroupRecordConverter;
import org.apache.parquet.filter2.compat.FilterCompat;
import org.apache.parquet.filter2.predicate.FilterApi;
import org.apache.parquet.filter2.predicate.FilterPredicate;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.internal.column.columnindex.OffsetIndex;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType;

public final class ReadTypes {
    private static long checks;
    private static int failures;

    private static final class Column {
        String word;
        String[] values;
    }

    static void check(boolean good, String what) {
        checks++;
        if (good) return;
        if (failures++ < 20) System.out.println("FAILED " + what);
    }

    private static Map<String, Column> readExpected(Path path) throws Exception {
        Map<String, Column> columns = new LinkedHashMap<>();
        for (String line : Files.readAllLines(path)) {
            String[] parts = line.split("\t", -1);
            Column column = new Column();
            column.word = parts[1];
            column.values = new String[parts.length - 2];
            System.arraycopy(parts, 2, column.values, 0, column.values.length);
            columns.put(parts[0], column);
        }
        return columns;
    }

    private static String hex(byte[] bytes) {
        char[] text = new char[bytes.length * 2];
        for (int i = 0; i < bytes.length; i++) {
            text[2 * i] = Character.forDigit(bytes[i] >> 4 & 15, 16);
            text[2 * i + 1] = Character.forDigit(bytes[i] & 15, 16);
        }
        return new String(text);
    }

    private static String hex(long bits, int digits) {
        String text = Long.toHexString(bits);
        return "0".repeat(digits - text.length()) + text;
    }

    /* One value in the words of the expected file. */
    private static String print(ColumnReader reader, PrimitiveType type, String word) {
        switch (type.getPrimitiveTypeName()) {
            case BOOLEAN:
                return reader.getBoolean() ? "01" : "00";
            case INT32:
                return word.startsWith("uint")
                        ? Integer.toUnsignedString(reader.getInteger())
                        : Integer.toString(reader.getInteger());
            case INT64:
                return word.startsWith("uint")
                        ? Long.toUnsignedString(reader.getLong())
                        : Long.toString(reader.getLong());
            case FLOAT:
                return hex(Float.floatToRawIntBits(reader.getFloat()) & 0xFFFFFFFFL, 8);
            case DOUBLE:
                return hex(Double.doubleToRawLongBits(reader.getDouble()), 16);
            default:
                byte[] bytes = reader.getBinary().getBytes();
                if (word.startsWith("decimal(")) return new BigInteger(bytes).toString();
                if (word.equals("float16")) return hex(new byte[] {bytes[1], bytes[0]});
                return hex(bytes);
        }
    }

    /* The annotation that parquet-java must see for a word. */
    private static boolean annotated(LogicalTypeAnnotation is, String word, boolean utc) {
        if (word.startsWith("decimal(")) {
            String[] parts = word.substring(8, word.length() - 1).split(",");
            return LogicalTypeAnnotation.decimalType(Integer.parseInt(parts[1]), Integer.parseInt(parts[0])).equals(is);
        }
        if (word.startsWith("timestamp[") || word.startsWith("time[")) {
            String unit = word.substring(word.indexOf('[') + 1, word.indexOf(']'));
            LogicalTypeAnnotation.TimeUnit named = unit.equals("ms")
                    ? LogicalTypeAnnotation.TimeUnit.MILLIS
                    : unit.equals("us") ? LogicalTypeAnnotation.TimeUnit.MICROS : LogicalTypeAnnotation.TimeUnit.NANOS;
            return word.startsWith("time[")
                    ? LogicalTypeAnnotation.timeType(false, named).equals(is)
                    : LogicalTypeAnnotation.timestampType(utc || word.endsWith("Z"), named).equals(is);
        }
        switch (word) {
            case "text":
                return LogicalTypeAnnotation.stringType().equals(is);
            case "date":
                return LogicalTypeAnnotation.dateType().equals(is);
            case "float16":
                return LogicalTypeAnnotation.float16Type().equals(is);
            case "int8":
            case "int16":
                return LogicalTypeAnnotation.intType(Integer.parseInt(word.substring(3)), true).equals(is);
            case "uint8":
            case "uint16":
            case "uint32":
            case "uint64":
                return LogicalTypeAnnotation.intType(Integer.parseInt(word.substring(4)), false).equals(is);
            default:
                return is == null || word.equals("null");
        }
    }

    private static void readFile(Path path, Map<String, Column> expected, boolean utc) throws Exception {
        String where = path.getFileName().toString();
        try (ParquetFileReader file = ParquetFileReader.open(new LocalInputFile(path))) {
            MessageType schema = file.getFooter().getFileMetaData().getSchema();
            check(schema.getFieldCount() == expected.size(), where + " columns");
            long row = 0;
            PageReadStore pages;
            int number = 0;
            while ((pages = file.readNextRowGroup()) != null) {
                ColumnReadStoreImpl columns = new ColumnReadStoreImpl(
                        pages, new GroupRecordConverter(schema).getRootConverter(), schema, null);
                for (ColumnDescriptor descriptor : schema.getColumns()) {
                    String name = descriptor.getPath()[0];
                    Column column = expected.get(name);
                    PrimitiveType type = descriptor.getPrimitiveType();
                    check(annotated(type.getLogicalTypeAnnotation(), column.word, utc),
                            where + " " + name + " is " + type);
                    ColumnReader reader = columns.getColumnReader(descriptor);
                    int wrong = 0;
                    for (long i = 0; i < pages.getRowCount(); i++) {
                        boolean there = reader.getCurrentDefinitionLevel() == descriptor.getMaxDefinitionLevel();
                        String value = there ? print(reader, type, column.word) : "~";
                        if (!value.equals(column.values[(int) (row + i)])) wrong++;
                        reader.consume();
                    }
                    check(wrong == 0, where + " " + name + ": " + wrong + " values differ in group " + number);
                }
                row += pages.getRowCount();
                number++;
            }
            check(row == expected.values().iterator().next().values.length, where + " rows");
            for (BlockMetaData block : file.getFooter().getBlocks())
                for (ColumnChunkMetaData chunk : block.getColumns()) {
                    OffsetIndex offsets = file.readOffsetIndex(chunk);
                    check(offsets != null && offsets.getFirstRowIndex(0) == 0, where + " offset index");
                    file.readColumnIndex(chunk); // must parse
                    chunk.getStatistics(); // must convert
                }
        }
    }

    /* What a filter keeps, by statistics, dictionaries, column indexes and values together. */
    private static void filterFile(Path path, FilterPredicate filter, Column column, Predicate<String> keep)
            throws Exception {
        long want = 0, got = 0;
        for (String value : column.values) if (!value.equals("~") && keep.test(value)) want++;
        try (org.apache.parquet.hadoop.ParquetReader<Group> reader = new GroupReaderBuilder(new LocalInputFile(path))
                .withFilter(FilterCompat.get(filter))
                .build()) {
            while (reader.read() != null) got++;
        }
        check(got == want, path.getFileName() + " " + filter + ": " + got + " rows, not " + want);
    }

    private static final class GroupReaderBuilder extends org.apache.parquet.hadoop.ParquetReader.Builder<Group> {
        GroupReaderBuilder(LocalInputFile file) {
            super(file);
        }

        @Override
        protected org.apache.parquet.hadoop.api.ReadSupport<Group> getReadSupport() {
            return new org.apache.parquet.hadoop.example.GroupReadSupport();
        }
    }

    private static void filterAll(Path path, Map<String, Column> expected) throws Exception {
        long middle = 1600000000L + 1500 * 1000;
        filterFile(path, FilterApi.gt(FilterApi.longColumn("int64_rising"), middle), expected.get("int64_rising"),
                v -> Long.parseLong(v) > middle);
        filterFile(path, FilterApi.eq(FilterApi.longColumn("int64_few"), -3003L + 2 * 1001),
                expected.get("int64_few"), v -> Long.parseLong(v) == -3003L + 2 * 1001);
        filterFile(path, FilterApi.eq(FilterApi.longColumn("int64_few"), 5L), expected.get("int64_few"), v -> false);
        filterFile(path, FilterApi.lt(FilterApi.doubleColumn("double"), 0.25), expected.get("double"),
                v -> Double.longBitsToDouble(Long.parseUnsignedLong(v, 16)) < 0.25);
        filterFile(path, FilterApi.gtEq(FilterApi.doubleColumn("double_edges"), 0.0), expected.get("double_edges"),
                v -> {
                    double d = Double.longBitsToDouble(Long.parseUnsignedLong(v, 16));
                    return Double.compare(d, 0.0) >= 0; // parquet-java's own order: NaN is greatest, -0 below +0
                });
        for (String text : new String[] {"order/2026/00001777", "order/2026/00009999"})
            filterFile(path, FilterApi.eq(FilterApi.binaryColumn("text_rising"), Binary.fromString(text)),
                    expected.get("text_rising"),
                    v -> v.equals(hex(text.getBytes(StandardCharsets.UTF_8))));
        filterFile(path, FilterApi.gtEq(FilterApi.binaryColumn("text_edges"), Binary.fromString("seventy")),
                expected.get("text_edges"), v -> v.compareTo(hex("seventy".getBytes(StandardCharsets.UTF_8))) >= 0);
    }

    public static void main(String[] args) throws Exception {
        Path folder = Path.of(args[0]);
        Map<String, Map<String, Column>> expectations = new TreeMap<>();
        List<String> nulls = new ArrayList<>(List.of("none", "some", "all", "other", "runs", "ends"));
        File[] files = folder.toFile().listFiles((d, n) -> n.endsWith(".parquet"));
        java.util.Arrays.sort(files);
        for (File file : files) {
            String[] parts = file.getName().replace(".parquet", "").split("-");
            String key = parts[0] + "-" + parts[2];
            if (!expectations.containsKey(key))
                expectations.put(key, readExpected(folder.resolve(key + ".expected")));
            try {
                readFile(file.toPath(), expectations.get(key), nulls.indexOf(parts[2]) % 2 == 1);
                if (parts[1].equals("snappy")) filterAll(file.toPath(), expectations.get(key));
            } catch (Exception | Error e) {
                check(false, file.getName() + " " + e);
            }
        }
        int nested = ReadNested.readFolder(Path.of(args[1]));
        System.out.printf("%d files, %d checks, %d failed%n", files.length + nested, checks, failures);
        System.exit(failures > 0 || files.length == 0 || nested == 0 ? 1 : 0);
    }
}
