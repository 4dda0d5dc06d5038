package io.portolan.checkpoints;

import io.portolan.checkpoints.containers.Magic;
import io.portolan.checkpoints.values.CheckpointException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Formats that are often mistaken for a checkpoint, with advice. */
enum ForeignFormat {
    GIT_LFS(
            "a Git LFS pointer and not the file itself",
            "fetch the file with 'git lfs pull'",
            "version https://git-lfs"),
    EMPTY_ZIP("an empty zip archive", "save the checkpoint again", "PK\5\6"),
    GGUF("a GGUF file", "save the weights as .npz or .safetensors", "GGUF"),
    PNG("a PNG image", "choose the checkpoint itself", "\u0089PNG");

    private final String description;
    private final String advice;
    private final Magic magic;

    ForeignFormat(String description, String advice, String magic) {
        this.description = description;
        this.advice = advice;
        this.magic = new Magic(0, magic);
    }

    /** The exception for a file that is not a checkpoint, by its first bytes. */
    static CheckpointException refusal(String file, ByteBuffer bytes) {
        String expected = ": expected a checkpoint (" + CheckpointFormat.labels() + ")";
        if (!bytes.hasRemaining()) {
            return new CheckpointException(file + ": the file is empty" + expected);
        }
        return Arrays.stream(values())
                .filter(format -> format.magic.matches(bytes))
                .findFirst()
                .map(format -> new CheckpointException(
                        file + ": this is " + format.description + expected + "; " + format.advice))
                .orElseGet(() ->
                        new CheckpointException(file + ": not a checkpoint in any known format, it starts with byte "
                                + String.format("0x%02x", bytes.get(bytes.position())) + expected));
    }
}
