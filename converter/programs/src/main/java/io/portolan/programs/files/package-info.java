/** Detects the form of a file that holds a program, and reads it. */
package io.portolan.programs.files;
