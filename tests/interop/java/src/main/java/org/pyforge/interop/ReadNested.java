/* ReadNested — reads every file of write_nested.py with parquet-java, as records, and compares it value for value.
 * SPDX-License-Identifier: MIT */
package org.pyforge.interop;

import java.io.File;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeSet;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.api.ReadSupport;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.Type;

public final class ReadNested {
    private static final class Records extends ParquetReader.Builder<Group> {
        Records(LocalInputFile file) {
            super(file);
        }

        @Override
        protected ReadSupport<Group> getReadSupport() {
            return new GroupReadSupport();
        }
    }

    /* The value of a field in the words of write_nested.py; annotations alone say what is a list and what a map. */
    private static String print(Group group, int field, int at) {
        if (group.getFieldRepetitionCount(field) <= at) return "~";
        Type type = group.getType().getType(field);
        if (type.isPrimitive()) return print(group, field, at, type.asPrimitiveType());
        Group value = group.getGroup(field, at);
        LogicalTypeAnnotation annotation = type.getLogicalTypeAnnotation();
        if (LogicalTypeAnnotation.listType().equals(annotation)) return "[" + String.join(",", listed(value)) + "]";
        if (LogicalTypeAnnotation.mapType().equals(annotation)) return "<" + String.join(",", mapped(value)) + ">";
        List<String> fields = new ArrayList<>();
        for (int i = 0; i < type.asGroupType().getFieldCount(); i++) fields.add(print(value, i, 0));
        return "{" + String.join(",", fields) + "}";
    }

    private static void named(GroupType type, String name, String... fields) {
        Type repeated = type.getType(0);
        if (type.getFieldCount() != 1 || !repeated.isRepetition(Type.Repetition.REPEATED) || !repeated.getName().equals(name))
            throw new IllegalStateException("not as the format's LogicalTypes.md has it: " + type);
        for (int i = 0; i < fields.length; i++)
            if (!repeated.asGroupType().getFieldName(i).equals(fields[i])) throw new IllegalStateException("names: " + type);
    }

    private static List<String> listed(Group list) {
        named(list.getType(), "list", "element");
        List<String> items = new ArrayList<>();
        for (int i = 0; i < list.getFieldRepetitionCount(0); i++) items.add(print(list.getGroup(0, i), 0, 0));
        return items;
    }

    private static TreeSet<String> mapped(Group map) {
        named(map.getType(), "key_value", "key", "value");
        TreeSet<String> entries = new TreeSet<>();
        for (int i = 0; i < map.getFieldRepetitionCount(0); i++) {
            Group entry = map.getGroup(0, i);
            entries.add(print(entry, 0, 0) + "=" + print(entry, 1, 0));
        }
        return entries;
    }

    private static String print(Group group, int field, int at, PrimitiveType type) {
        switch (type.getPrimitiveTypeName()) {
            case BOOLEAN:
                return group.getBoolean(field, at) ? "01" : "00";
            case INT32:
                return Integer.toString(group.getInteger(field, at));
            case INT64:
                return Long.toString(group.getLong(field, at));
            case DOUBLE:
                return String.format("%016x", Double.doubleToRawLongBits(group.getDouble(field, at)));
            default:
                byte[] bytes = group.getBinary(field, at).getBytes();
                boolean decimal = type.getLogicalTypeAnnotation() instanceof LogicalTypeAnnotation.DecimalLogicalTypeAnnotation;
                return decimal ? new BigInteger(bytes).toString() : HexFormat.of().formatHex(bytes);
        }
    }

    /* Reads all files of the folder; gives how many there are. */
    static int readFolder(Path folder) throws Exception {
        List<String[]> expected = new ArrayList<>();
        for (String line : Files.readAllLines(folder.resolve("nested.expected"))) expected.add(line.split("\t", -1));
        File[] files = folder.toFile().listFiles((d, n) -> n.endsWith(".parquet"));
        for (File file : files)
            try (ParquetReader<Group> reader = new Records(new LocalInputFile(file.toPath())).build()) {
                int row = 1;
                for (Group record; (record = reader.read()) != null; row++)
                    for (int i = 0; i < expected.size(); i++) {
                        String[] column = expected.get(i);
                        String got = print(record, i, 0), name = record.getType().getFieldName(i);
                        ReadTypes.check(
                                got.equals(column[row]) && name.equals(column[0]),
                                file.getName() + " " + name + " row " + row + ": " + got + ", not " + column[row]);
                    }
                ReadTypes.check(row == expected.get(0).length, file.getName() + " rows");
            }
        return files.length;
    }
}
