package io.portolan.programs.bytecode;

import io.portolan.programs.ProgramException;

/** The records of properties, which operations share. */
final class PropertyTable {
    private final ByteCursor[] records;

    private PropertyTable(ByteCursor[] records) {
        this.records = records;
    }

    /** The table of a file that has none, as those below format 5. */
    static PropertyTable none() {
        return new PropertyTable(new ByteCursor[0]);
    }

    static PropertyTable read(ByteCursor section) throws ProgramException {
        ByteCursor[] records = new ByteCursor[section.count("records of properties")];
        for (int i = 0; i < records.length; i++) {
            records[i] = section.cut(section.count("bytes of properties"));
        }
        section.requireEnd("the section of properties");
        return new PropertyTable(records);
    }

    /** Reads the number of a record, and gives that record. */
    ByteCursor next(ByteCursor in) throws ProgramException {
        return records[in.index(records.length, "record of properties")];
    }
}
