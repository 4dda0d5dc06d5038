package io.portolan.programs.bytecode;

import io.portolan.programs.ProgramException;

/** The sections of a file by number; they come in any order, each at most once. */
final class Sections {
    static final int STRINGS = 0;
    static final int NAMES = 1;
    static final int ENTRIES = 2;
    static final int ENTRY_SIZES = 3;
    static final int CODE = 4;
    static final int PROPERTIES = 8;

    private static final int KINDS = 9;

    private final ByteCursor[] content = new ByteCursor[KINDS];
    private final ByteCursor in;

    private Sections(ByteCursor in) {
        this.in = in;
    }

    /** Reads all sections up to the end of the data. */
    static Sections read(ByteCursor in) throws ProgramException {
        Sections sections = new Sections(in);
        while (!in.isAtEnd()) {
            ByteCursor.Section section = in.section();
            if (section.id() >= KINDS) {
                throw in.fault("section " + section.id() + " is unknown, expected 0 to " + (KINDS - 1));
            }
            if (sections.content[section.id()] != null) {
                throw in.fault("section " + section.id() + " is there twice");
            }
            sections.content[section.id()] = section.content();
        }
        return sections;
    }

    ByteCursor get(int id) throws ProgramException {
        if (content[id] == null) {
            throw in.fault("section " + id + " is missing; the file may be cut short");
        }
        return content[id];
    }
}
