package io.portolan.checkpoints;

import java.util.List;

/** The formats that a whole checkpoint can be written in. */
final class Formats {
    static final List<CheckpointFormat> WRITABLE = List.of(
            CheckpointFormat.PICKLE, CheckpointFormat.NPZ, CheckpointFormat.SAFETENSORS, CheckpointFormat.MSGPACK);

    private Formats() {}
}
