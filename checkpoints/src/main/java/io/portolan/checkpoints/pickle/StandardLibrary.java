package io.portolan.checkpoints.pickle;

import java.util.Set;

/** The modules that come with Python 2 and 3, as far as the reader needs to know them. */
final class StandardLibrary {
    /** The top-level modules of all versions; a name that starts with an underscore belongs to Python as well. */
    private static final Set<String> MODULES = Set.of("""
            abc aifc antigravity anydbm argparse array ast asynchat asyncio asyncore atexit audioop base64 basehttpserver bastion bdb
            binascii binhex bisect bsddb builtins bz2 calendar cgi cgihttpserver cgitb chunk cmath cmd code codecs codeop collections
            colorsys commands compileall compression concurrent configparser contextlib contextvars cookie cookielib copy copy_reg copyreg
            cpickle cprofile crypt cstringio csv ctypes curses dataclasses datetime dbhash dbm decimal difflib dircache dis distutils dl
            doctest docxmlrpcserver dumbdbm dummy_thread dummy_threading email encodings ensurepip enum errno exceptions faulthandler fcntl
            filecmp fileinput fnmatch formatter fpectl fractions ftplib functools future_builtins gc gdbm genericpath getopt getpass
            gettext glob graphlib grp gzip hashlib heapq hmac hotshot html htmlentitydefs htmllib htmlparser http httplib idlelib ihooks
            imaplib imghdr imp importlib imputil inspect io ipaddress itertools json keyword lib2to3 linecache locale logging lzma macpath
            mailbox mailcap marshal math md5 mhlib mimetools mimetypes mimewriter mmap modulefinder msilib msvcrt multifile multiprocessing
            mutex netrc new nis nntplib nt ntpath nturl2path numbers opcode operator optparse os os2 os2emxpath ossaudiodev parser pathlib
            pdb pickle pickletools pipes pkgutil platform plistlib popen2 poplib posix posixfile posixpath pprint profile pstats pty pwd
            py_compile pyclbr pydoc pydoc_data pyexpat queue quopri random re readline repr reprlib resource rexec rfc822 riscos rlcompleter
            robotparser runpy sched secrets select selectors sets sgmllib sha shelve shlex shutil signal simplehttpserver
            simplexmlrpcserver site smtpd smtplib sndhdr socket socketserver spwd sqlite3 sre sre_compile sre_constants sre_parse ssl stat
            statistics statvfs string stringio stringprep strop struct subprocess sunau sunaudio symbol symtable sys sysconfig syslog
            tabnanny tarfile telnetlib tempfile termios textwrap this thread threading time timeit tkinter token tokenize tomllib toaiff
            trace traceback tracemalloc tty turtle turtledemo types typing unicodedata unittest urllib urllib2 urlparse user userdict
            userlist userstring uu uuid venv warnings wave weakref webbrowser whichdb winreg winsound wsgiref xdrlib xml xmllib xmlrpc
            xmlrpclib zipapp zipfile zipimport zlib zoneinfo""".split("\\s+"));

    private StandardLibrary() {}

    /** Whether a module belongs to Python, whatever the case of its letters. */
    static boolean contains(String lowerCaseModule) {
        return MODULES.contains(lowerCaseModule)
                || lowerCaseModule.startsWith("_")
                        && !lowerCaseModule.equals("__main__")
                        && !lowerCaseModule.equals("__mp_main__");
    }
}
