package io.portolan.runtime;

/** How far ONNX Runtime rewrites a model before running it. More is faster; results may differ in the last bits. */
public enum GraphOptimization {
    /** The graph runs node by node as the file has it: the level to look for a fault with. */
    NONE,

    /** Constant folding and removal of what has no effect. */
    BASIC,

    /** Also fusions of nodes. */
    EXTENDED,

    /** Also memory layouts chosen for this machine. */
    ALL
}
