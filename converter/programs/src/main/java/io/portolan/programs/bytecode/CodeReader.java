package io.portolan.programs.bytecode;

import io.portolan.programs.ProgramException;
import io.portolan.programs.stablehlo.Block;
import io.portolan.programs.stablehlo.Module;
import io.portolan.programs.stablehlo.Quotation;
import io.portolan.programs.stablehlo.Value;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * Reads the operations of a file. Operations whose regions are open lie on a stack of its own, at most {@value #DEEPEST} high, so that
 * the nesting of a program does not decide on the stack of the thread.
 */
final class CodeReader {
    private static final int DEEPEST = 512;
    private static final int MOST_OPERATIONS = 1_000_000;
    private static final int CODE_SECTION = 4;

    private final int format;
    private final Pool pool;
    private final Locations locations;
    private final OpHeaderReader headers;
    private final OperationBuilder operations;
    private final ModuleBuilder module;
    private final Deque<OpenOperation> open = new ArrayDeque<>();
    private long end;
    private long pending;
    private int count;

    CodeReader(
            int format,
            Pool pool,
            Locations locations,
            OpHeaderReader headers,
            OperationBuilder operations,
            ModuleBuilder module) {
        this.format = format;
        this.pool = pool;
        this.locations = locations;
        this.headers = headers;
        this.operations = operations;
        this.module = module;
    }

    /** Reads the section of code: one block with one module. */
    Module read(ByteCursor section) throws ProgramException {
        end = section.offset() + section.remaining();
        long head = section.varint();
        if (head != 2) {
            throw section.fault("the file does not hold one module alone");
        }
        ValueScope nothing = new ValueScope();
        OpHeaderReader.Result first = headers.read(section, nothing, nothing.reserve(0));
        if (!first.header().name().isModule() || !first.hasRegions()) {
            throw section.fault("the file holds "
                    + Quotation.of(first.header().name().stored()) + ", expected " + OpName.MODULE + " with a region");
        }
        openRegions(first.header(), nothing);
        while (!open.isEmpty()) {
            step(open.element());
        }
        section.requireEnd("the section of code");
        return module.build();
    }

    private void step(OpenOperation operation) throws ProgramException {
        if (operation.block() != null) {
            if (operation.block().isComplete()) {
                closeBlock(operation);
            } else {
                readOperation(operation);
            }
        } else if (operation.isComplete()) {
            open.remove();
            if (operation.hasOwnSection()) {
                operation.in().requireEnd("the section of the regions of an operation");
            }
            finish(operation.header(), operation.regions(), operation.argumentNames());
        } else {
            openRegion(operation);
        }
    }

    /** Takes a complete operation to where it belongs: the module, or the block around it. */
    private void finish(OpHeader header, List<Block> regions, List<String> argumentNames) throws ProgramException {
        if (header.name().isModule()) {
            module.setModule(header);
        } else if (header.name().isFunction()) {
            module.addFunction(header, regions, argumentNames);
        } else {
            open.element().block().add(operations.build(header, regions));
        }
    }

    private void openRegions(OpHeader header, ValueScope around) throws ProgramException {
        if (open.size() == DEEPEST) {
            throw header.in().fault("regions nest deeper than " + DEEPEST);
        }
        ByteCursor in = header.in();
        long entry = in.varint();
        int regions = in.bounded(entry >>> 1, "regions");
        boolean isIsolated = (entry & 1) != 0;
        if (isIsolated && format >= 2 && regions > 0) {
            ByteCursor.Section nested = in.section();
            if (nested.id() != CODE_SECTION) {
                throw in.fault(
                        "the regions of an operation are in section " + nested.id() + ", expected " + CODE_SECTION);
            }
            in = nested.content();
        }
        open.push(new OpenOperation(header, in, isIsolated ? new ValueScope() : around, regions));
    }

    private void openRegion(OpenOperation operation) throws ProgramException {
        ByteCursor in = operation.in();
        long blocks = in.varint();
        if (blocks == 0 && !operation.header().name().isPortable()) {
            operation.addRegion(new Block(List.of(), List.of(), List.of()));
            return;
        }
        if (blocks != 1) {
            throw in.fault(
                    "a region of " + Quotation.of(operation.header().name().stored()) + " has "
                            + Long.toUnsignedString(blocks) + " blocks, expected one");
        }
        long values = in.varint();
        if (Long.compareUnsigned(values, end - in.offset() - pending) > 0) {
            throw in.fault("a region declares " + Long.toUnsignedString(values)
                    + " values, more than the rest of the file can define");
        }
        pending += values;
        OpenBlock block = new OpenBlock(operation.scope().reserve((int) values));
        operation.open(block);
        long head = in.varint();
        block.expect(in.bounded(head >>> 1, "operations"));
        if ((head & 1) != 0) {
            readArguments(operation, block);
        }
    }

    private void readArguments(OpenOperation operation, OpenBlock block) throws ProgramException {
        ByteCursor in = operation.in();
        int arguments = in.count("arguments of a block");
        for (int i = 0; i < arguments; i++) {
            long entry = in.varint();
            boolean hasLocation = format < 4 || (entry & 1) != 0;
            int type = in.checkedIndex(format < 4 ? entry : entry >>> 1, pool.typeCount(), "type");
            Value argument = new Value(pool.valueType(type));
            block.addArgument(argument, hasLocation ? locations.read(in) : "");
            operation.scope().define(block.range(), argument, in);
            pending--;
        }
        if (format >= 3 && in.unsignedByte() != 0) {
            UseOrders.skip(in, arguments);
        }
    }

    private void readOperation(OpenOperation around) throws ProgramException {
        ByteCursor in = around.in();
        OpenBlock block = around.block();
        if (++count > MOST_OPERATIONS) {
            throw in.fault("the program has more than " + MOST_OPERATIONS + " operations");
        }
        if (block.isTerminated()) {
            throw in.fault("an operation follows the end of its block");
        }
        block.countOne();
        OpHeaderReader.Result read = headers.read(in, around.scope(), block.range());
        OpHeader header = read.header();
        OpName name = header.name();
        pending -= header.results().size();
        if (name.isModule() || name.isFunction() != (open.size() == 1) && !name.isDeclaration()) {
            throw in.fault(misplaced(name));
        }
        if (read.hasRegions()) {
            openRegions(header, around.scope());
        } else if (name.isReturn()) {
            block.setResults(header.operands());
        } else if (!name.isIdentity() && !name.isDeclaration()) {
            finish(header, List.of(), List.of());
        }
    }

    private static String misplaced(OpName name) {
        return name.stored().startsWith("func.") || name.stored().startsWith("stablehlo.")
                ? name.stored()
                        + " is not of a portable artifact, expected operations of VHLO as jax.export writes them"
                : Quotation.of(name.stored()) + " is not where a program can have it";
    }

    private void closeBlock(OpenOperation operation) throws ProgramException {
        OpenBlock block = operation.block();
        OpName name = operation.header().name();
        if (block.range().missing() != 0) {
            throw operation.in().fault("a region defines fewer values than it declares");
        }
        if (name.isPortable() && !block.isTerminated()) {
            throw operation.in().fault("a region of " + Quotation.of(name.stored()) + " does not end with a return");
        }
        operation.scope().release(block.range());
        operation.closeBlock();
    }
}
