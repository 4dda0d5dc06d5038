package io.portolan.programs;

import io.portolan.programs.stablehlo.Quotation;
import java.io.IOException;

/** Thrown when a file is not a program that can be read; the message says where and why in one line. */
public class ProgramException extends IOException {
    private static final long serialVersionUID = 1;

    /** A fault of the file as a whole. */
    public ProgramException(String message) {
        super(message);
    }

    /** A fault of the file as a whole, with its cause. */
    public ProgramException(String message, Throwable cause) {
        super(message, cause);
    }

    /** A fault at a position of the file. */
    public static ProgramException at(long offset, String message) {
        return new ProgramException("offset " + offset + ": " + Quotation.line(message));
    }
}
