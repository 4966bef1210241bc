by a script of a tutorial
1
