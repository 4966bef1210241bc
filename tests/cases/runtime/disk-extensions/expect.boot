$ --medium disk
geometry: 1 16 63, sectors: 2880
