/** What the machine and the installation offer, and whether they compute correctly: for {@code doctor} and {@code --version}. */
package io.portolan.cli.doctor;
