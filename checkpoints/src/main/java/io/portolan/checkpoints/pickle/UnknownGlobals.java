package io.portolan.checkpoints.pickle;

import io.portolan.checkpoints.values.InertObject.Form;
import io.portolan.checkpoints.values.Quotation;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * What becomes of a global for which this reader has no constructor. Nothing of it is ever looked up or called, so that
 * any class could stay an inert record; but a pickle that names what attacks are made of was not written by somebody
 * who saved a model, and is refused. The first row that applies decides.
 */
final class UnknownGlobals {
    /** What may be done with a global. */
    private enum Use {
        /** It may be referred to and called; a call is a record of its arguments. */
        RECORD,
        /** It may be referred to, but not called. */
        REFERENCE,
        /** It may not even be named. */
        NONE
    }

    /**
     * One row of the table.
     *
     * @param reason why uses are refused; for a record, what it is
     */
    private record Row(Use use, String reason, Predicate<Global.Name> applies) {}

    private static final int LONGEST = 256;
    private static final Pattern IDENTIFIERS = Pattern.compile("[A-Za-z_]\\w*(\\.[A-Za-z_]\\w*)*");

    /** An attribute that Python gives a meaning, with two underscores on either side. */
    private static final Pattern SPECIAL = Pattern.compile("(.*\\.)?__\\w+__(\\..*)?");

    /** A class, or a function that a library keeps for its own pickles. */
    private static final Pattern CONSTRUCTOR = Pattern.compile("([\\w.]+\\.)?_*[A-Z]\\w*|_\\w+");

    /** The values of Python's own classes that say nothing but themselves. */
    private static final Set<String> VALUES = Set.of("""
            argparse.Namespace types.SimpleNamespace
            collections.Counter collections.ChainMap collections.UserDict collections.UserList collections.UserString
            datetime.date datetime.datetime datetime.time datetime.timedelta datetime.timezone zoneinfo.ZoneInfo zoneinfo.ZoneInfo._unpickle
            decimal.Decimal fractions.Fraction uuid.UUID uuid.SafeUUID ipaddress.IPv4Address ipaddress.IPv6Address
            pathlib.PosixPath pathlib.WindowsPath pathlib.PurePosixPath pathlib.PureWindowsPath
            pathlib._local.PosixPath pathlib._local.WindowsPath pathlib._local.PurePosixPath pathlib._local.PureWindowsPath
            builtins.slice builtins.range __builtin__.slice __builtin__.xrange
            dataclasses.Field dataclasses._DataclassParams dataclasses._FIELD_BASE dataclasses._MISSING_TYPE
            dataclasses._HAS_DEFAULT_FACTORY_CLASS dataclasses._HAS_DEFAULT_FACTORY dataclasses.MISSING dataclasses.KW_ONLY
            dataclasses._FIELD dataclasses._FIELD_CLASSVAR dataclasses._FIELD_INITVAR
            inspect.Signature inspect.Parameter inspect._ParameterKind inspect._empty
            random.Random re._compile""".split("\\s+"));

    /** Functions and types of {@code builtins} that models and configurations refer to. */
    private static final Set<String> FUNCTIONS = Set.of("""
            abs all any ascii bin bytes callable chr classmethod divmod enumerate filter format hash hex id isinstance issubclass iter len max
            min next oct ord pow property repr reversed round sorted staticmethod sum super zip Ellipsis NotImplemented __main__""".split("\\s+"));

    static final Set<String> BUILTINS = Set.of("builtins", "__builtin__");

    /** The modules of Python's own exceptions: 3's, and the one of 2. */
    private static final Set<String> EXCEPTION_MODULES = Set.of("builtins", "exceptions");

    /** Python's own exceptions; nothing else in these modules has such a name. */
    private static final Pattern EXCEPTIONS = Pattern.compile(
            "[A-Z][A-Za-z]*(Error|Warning)|(Base)?Exception(Group)?|Stop(Async)?Iteration|(System|Generator)Exit|KeyboardInterrupt");

    /** Modules of Python that have only abstract classes and notations of types. */
    static final Set<String> NOTATIONS = Set.of("typing", "collections.abc", "numbers");

    /** Packages that install, connect, or load and run code. */
    private static final Set<String> POWERFUL = Set.of("""
            aiohttp asyncssh boto3 botocore code_runner distlib easy_install execnet fabric httpx invoke ipython jinja2 mako mlflow nbformat
            paramiko pexpect pip pkg_resources psutil ptyprocess pycurl requests sh setuptools smart_open tensorrt torch torchaudio
            torchvision twisted urllib3 websocket websockets win32api win32com""".split("\\s+"));

    /** Packages of which checkpoints hold objects, and whose public functions no pickle of an object calls. */
    private static final Set<String> LIBRARIES = Set.of("""
            brax chex cloudpickle dill distrax equinox flax gymnax haiku jax jaxlib jaxopt joblib keras ml_dtypes msgpack numpy numpyro optax
            orbax pandas penzai safetensors scipy sklearn tensorboard tensorflow tensorstore""".split("\\s+"));

    /** Functions with which cloudpickle refers to a module; the others that it needs are not public. */
    private static final Set<String> IMPORTS =
            Set.of("cloudpickle.cloudpickle.subimport", "cloudpickle.cloudpickle.dynamic_subimport");

    // spotless:off
    private static final List<Row> ROWS = List.of(
            new Row(Use.NONE, "a name is made of plain letters, digits and dots", name -> !isPlain(name)),
            new Row(Use.RECORD, "a value of Python's own", name -> VALUES.contains(name.toString())),
            new Row(Use.RECORD, "an exception", name -> EXCEPTION_MODULES.contains(name.module()) && EXCEPTIONS.matcher(name.name()).matches()),
            new Row(Use.REFERENCE, "functions of Python's own are not called", name -> BUILTINS.contains(name.module()) && FUNCTIONS.contains(name.name())),
            new Row(Use.REFERENCE, "a notation of types is not called", name -> NOTATIONS.contains(name.module())),
            new Row(Use.NONE, "it is a part of Python itself", name -> StandardLibrary.contains(root(name))),
            new Row(Use.NONE, "its package loads or runs code", name -> POWERFUL.contains(root(name))),
            new Row(Use.NONE, "it reaches for what makes up Python's objects", name -> SPECIAL.matcher(name.name()).matches() || SPECIAL.matcher(inner(name)).matches()),
            new Row(Use.NONE, "it looks like the name of a library", name -> LIBRARIES.contains(root(name)) && !name.module().startsWith(root(name))),
            new Row(Use.RECORD, "a module that a function uses", name -> IMPORTS.contains(name.toString())),
            new Row(Use.REFERENCE, "a library's function is no record", name -> LIBRARIES.contains(root(name)) && !CONSTRUCTOR.matcher(name.name()).matches()));
    // spotless:on

    private static final Row ANY = new Row(Use.RECORD, "a class or function of somebody's own", name -> true);

    private UnknownGlobals() {}

    /**
     * A placeholder for a global, whose calls are only recorded.
     *
     * @throws Malformed if it may not be named
     */
    static Global of(Global.Name name) throws Malformed {
        Row row = ROWS.stream()
                .filter(candidate -> candidate.applies().test(name))
                .findFirst()
                .orElse(ANY);
        return switch (row.use()) {
            case NONE -> throw refused(name, row.reason());
            case REFERENCE ->
                new Global(name, true, (arguments, meter) -> {
                    throw refused(name, row.reason());
                });
            case RECORD -> new Global(name, true, (arguments, meter) -> new PythonObject(Form.OPAQUE, name, arguments));
        };
    }

    static Malformed refused(Global.Name name, String reason) {
        return new Malformed(
                "the global " + Quotation.of(name.toString()) + " is refused",
                "arrays, containers and records only, since " + reason
                        + "; save the file again without it; nothing was executed");
    }

    /** Whether module and name are made of identifiers and not too long. */
    static boolean isPlain(Global.Name name) {
        return Arrays.stream(new String[] {name.module(), name.name()})
                .allMatch(text ->
                        text.length() <= LONGEST && IDENTIFIERS.matcher(text).matches());
    }

    /** The package of a module in lower case, so that a look-alike does not pass for somebody's own. */
    private static String root(Global.Name name) {
        return name.module().split("\\.", 2)[0].toLowerCase(Locale.ROOT);
    }

    /** The module without its package, which may be called {@code __main__}. */
    private static String inner(Global.Name name) {
        int dot = name.module().indexOf('.');
        return dot < 0 ? "" : name.module().substring(dot + 1);
    }
}
