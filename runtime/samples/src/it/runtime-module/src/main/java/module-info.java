/** A program on the module path that embeds the runtime. */
module example {
    requires io.portolan.runtime;

    exports example;
}
