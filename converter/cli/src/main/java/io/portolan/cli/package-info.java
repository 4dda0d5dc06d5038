/**
 * The {@code portolan} command: options and printing. {@link io.portolan.cli.Portolan} is what the launcher starts.
 */
package io.portolan.cli;
