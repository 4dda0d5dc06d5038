/** The model that comes with the program, and what the JAX reference computed with it. */
package io.portolan.cli.bundle;
