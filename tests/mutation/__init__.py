"""Mutation testing of the protocol: change a rule once; does a case notice it?"""
