package io.portolan.programs.text;

import io.portolan.programs.ProgramException;
import io.portolan.programs.stablehlo.Module;

/**
 * Reads programs in StableHLO text: the pretty and the generic form of MLIR, in any mixture, with and without locations. Operations of
 * dialects that are not known are read where they are in generic form.
 */
public final class StableHloText {
    private StableHloText() {}

    /**
     * Reads a module.
     *
     * @param utf8 the text
     * @throws ProgramException if it is not a module that is supported; the message is one line that begins with the line and the column
     */
    public static Module read(byte[] utf8) throws ProgramException {
        return new ModuleText(utf8).read();
    }
}
