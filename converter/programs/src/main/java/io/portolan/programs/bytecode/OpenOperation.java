package io.portolan.programs.bytecode;

import io.portolan.programs.stablehlo.Block;
import java.util.ArrayList;
import java.util.List;

/** An operation whose regions are being read. */
final class OpenOperation {
    private final OpHeader header;
    private final ByteCursor in;
    private final ValueScope scope;
    private final List<Block> regions = new ArrayList<>();
    private List<String> argumentNames = List.of();
    private int left;
    private OpenBlock block;

    /**
     * An operation before its first region.
     *
     * @param in the reader of its regions
     * @param scope the values that its regions can refer to
     * @param count the number of regions
     */
    OpenOperation(OpHeader header, ByteCursor in, ValueScope scope, int count) {
        this.header = header;
        this.in = in;
        this.scope = scope;
        this.left = count;
    }

    OpHeader header() {
        return header;
    }

    ByteCursor in() {
        return in;
    }

    ValueScope scope() {
        return scope;
    }

    boolean isComplete() {
        return left == 0;
    }

    /** Whether it has a section of its own for its regions. */
    boolean hasOwnSection() {
        return in != header.in();
    }

    /** The block that is being read; null between regions. */
    OpenBlock block() {
        return block;
    }

    void open(OpenBlock opened) {
        block = opened;
    }

    /** Takes the block as the next region. */
    void closeBlock() {
        argumentNames = block.argumentNames();
        addRegion(block.close());
        block = null;
    }

    void addRegion(Block region) {
        regions.add(region);
        left--;
    }

    List<Block> regions() {
        return regions;
    }

    /** The names of the arguments of the last region. */
    List<String> argumentNames() {
        return argumentNames;
    }
}
