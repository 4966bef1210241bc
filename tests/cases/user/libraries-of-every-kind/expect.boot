library strong 144
